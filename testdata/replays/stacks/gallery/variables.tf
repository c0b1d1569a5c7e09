variable "environment" { default = "staging" }
variable "nat_gateways" { default = 1 }
variable "db_multi_az" { default = false }
variable "db_guarded" { default = false }
variable "cache" { default = true }
variable "cache_nodes" { default = 1 }
variable "cache_tls" { default = false }
variable "cache_scheme" { default = "redis" }
variable "cache_admits_tasks" { default = true }
variable "cdn" { default = true }
variable "cdn_host_of_bucket" { default = false }
variable "alarms" { default = false }
variable "db_kept_days" { default = 7 }
variable "scaling" { default = true }
variable "access_logs" { default = true }
variable "edge_logs" { default = "legacy" } # legacy, delivery
variable "log_ownership" { default = "BucketOwnerPreferred" }
variable "log_writers" {
  type = map(string)
  default = {
    balancer = "logdelivery.elasticloadbalancing.amazonaws.com"
    buckets  = "logging.s3.amazonaws.com"
    edge     = "delivery.logs.amazonaws.com"
  }
}
variable "firewall" { default = "count" } # off, count, block
variable "upload_methods" {
  type    = list(string)
  default = ["GET", "HEAD", "PUT", "POST"]
}
variable "secret_suffix" { default = "" }
variable "secret_window" { default = 30 }
variable "release" { default = "4.2.0" }
variable "capacity" {
  type = map(object({ port = number, least = number, most = number }))
  default = {
    api    = { port = 8000, least = 1, most = 2 }
    web    = { port = 3000, least = 1, most = 2 }
    worker = { port = 0, least = 1, most = 2 }
  }
}
variable "db_password" {
  type      = string
  sensitive = true
}
variable "signing_key" {
  type      = string
  sensitive = true
}

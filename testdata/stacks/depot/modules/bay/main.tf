variable "name" {}
variable "queue" {}
variable "topic" {}
variable "key" {}
variable "lock" {}

module "gate" {
  source = "../gate"
  name   = var.name
  queue  = var.queue
  topic  = var.topic
  key    = var.key
  lock   = var.lock
}

output "gate" { value = module.gate.gate }

# a CDN before a bucket
variable "host" {}
variable "bucket_host" {}
variable "certificate_arn" {}
variable "web_acl_arn" {}
variable "logged" {}
variable "delivery" {}
variable "log_host" {}
variable "log_arn" {}

resource "aws_cloudfront_origin_access_control" "this" {
  name                              = replace(var.host, ".", "-")
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_distribution" "this" {
  enabled    = true
  aliases    = [var.host]
  web_acl_id = var.web_acl_arn

  origin {
    origin_id                = "bucket"
    domain_name              = var.bucket_host
    origin_access_control_id = aws_cloudfront_origin_access_control.this.id
  }

  default_cache_behavior {
    target_origin_id       = "bucket"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    viewer_protocol_policy = "redirect-to-https"
    compress               = true
    default_ttl            = 3600
    forwarded_values {
      query_string = false
      cookies { forward = "none" }
    }
  }

  dynamic "logging_config" {
    for_each = var.logged && !var.delivery ? [1] : []
    content {
      bucket = var.log_host
      prefix = "edge/"
    }
  }

  restrictions {
    geo_restriction { restriction_type = "none" }
  }

  viewer_certificate {
    acm_certificate_arn      = var.certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}

# logs of the second kind: a source, a destination, and a delivery between them
resource "aws_cloudwatch_log_delivery_source" "this" {
  count        = var.logged && var.delivery ? 1 : 0
  name         = replace(var.host, ".", "-")
  log_type     = "ACCESS_LOGS"
  resource_arn = aws_cloudfront_distribution.this.arn
}

resource "aws_cloudwatch_log_delivery_destination" "this" {
  count = var.logged && var.delivery ? 1 : 0
  name  = replace(var.host, ".", "-")
  delivery_destination_configuration {
    destination_resource_arn = var.log_arn
  }
}

resource "aws_cloudwatch_log_delivery" "this" {
  count                    = var.logged && var.delivery ? 1 : 0
  delivery_source_name     = aws_cloudwatch_log_delivery_source.this[0].name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.this[0].arn
}

output "arn" { value = aws_cloudfront_distribution.this.arn }
output "host" { value = aws_cloudfront_distribution.this.domain_name }
output "zone" { value = aws_cloudfront_distribution.this.hosted_zone_id }

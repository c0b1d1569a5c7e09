terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "host" {}

resource "aws_acm_certificate" "this" {
  domain_name       = var.host
  validation_method = "DNS"
  lifecycle { create_before_destroy = true }
}

output "arn" { value = aws_acm_certificate.this.arn }

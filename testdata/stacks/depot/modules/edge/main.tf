terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

resource "aws_acm_certificate" "edge" {
  domain_name = "depot.example"
  lifecycle { create_before_destroy = true }
}

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-north-1"
  default_tags {
    tags = { Environment = var.environment, Service = "gallery" }
  }
}

# a CDN takes certificates of this region alone
provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
  default_tags {
    tags = { Environment = var.environment, Service = "gallery" }
  }
}

variable "name" {}
variable "methods" {}
variable "origins" {}
variable "logged" {}
variable "log_bucket" {}

resource "aws_s3_bucket" "this" { bucket = var.name }

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_cors_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  cors_rule {
    allowed_methods = var.methods
    allowed_origins = var.origins
    allowed_headers = ["Content-Type"]
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    id     = "uploads-that-nobody-kept"
    status = "Enabled"
    filter { prefix = "incoming/" }
    expiration { days = 60 }
  }
}

resource "aws_s3_bucket_logging" "this" {
  count         = var.logged ? 1 : 0
  bucket        = aws_s3_bucket.this.id
  target_bucket = var.log_bucket
  target_prefix = "media/"
}

output "name" { value = aws_s3_bucket.this.bucket }
output "arn" { value = aws_s3_bucket.this.arn }
output "host" { value = aws_s3_bucket.this.bucket_regional_domain_name }

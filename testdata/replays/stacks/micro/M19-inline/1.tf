resource "aws_s3_bucket" "logs" { bucket = "site-logs" }

resource "aws_s3_bucket" "site" {
  bucket = "site"
  versioning { enabled = true }
  logging {
    target_bucket = aws_s3_bucket.logs.id
    target_prefix = "site/"
  }
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
    }
  }
  cors_rule {
    allowed_methods = ["GET", "PUT"]
    allowed_origins = ["*"]
  }
}

resource "aws_cloudwatch_log_group" "web" {
  name              = "/app/web"
  retention_in_days = 60
}

check "logs" {
  assert {
    condition     = aws_cloudwatch_log_group.web.retention_in_days >= 60
    error_message = "logs are kept for two months"
  }
}

resource "aws_cloudwatch_log_group" "web" {
  name              = "/app/web"
  retention_in_days = 60
}

check "logs" {
  assert {
    condition     = startswith(aws_cloudwatch_log_group.web.arn, "arn:")
    error_message = "logs are kept for two months"
  }
}

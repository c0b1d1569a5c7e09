resource "aws_cloudwatch_log_group" "web" {
  name              = "/app/web"
  retention_in_days = 60
}

check "logs" {
  assert {
    condition     = tonumber(aws_cloudwatch_log_group.web.name) > 0
    error_message = "logs are kept for two months"
  }
}

resource "aws_cloudwatch_log_group" "first" {
  name              = "/app/web"
  retention_in_days = 60
}

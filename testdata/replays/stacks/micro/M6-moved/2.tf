resource "aws_cloudwatch_log_group" "second" {
  name              = "/app/web"
  retention_in_days = 60
}

moved {
  from = aws_cloudwatch_log_group.first
  to   = aws_cloudwatch_log_group.second
}

import {
  to = aws_cloudwatch_log_group.adopted
  id = "/app/adopted"
}

import {
  to = aws_cloudwatch_log_group.adopted
  id = "/app/adopted"
}

resource "aws_cloudwatch_log_group" "adopted" {
  name              = "/app/adopted"
  retention_in_days = 60
}

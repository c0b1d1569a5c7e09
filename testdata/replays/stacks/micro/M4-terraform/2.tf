resource "aws_cloudwatch_log_group" "kept" {
  name              = "/app/kept"
  retention_in_days = 60
}

removed {
  from = aws_dynamodb_table.carts
  lifecycle { destroy = false }
}

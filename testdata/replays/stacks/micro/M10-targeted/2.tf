resource "aws_cloudwatch_log_group" "web" {
  name              = "/app/web"
  retention_in_days = 30
}
resource "aws_cloudwatch_log_group" "api" {
  name              = "/app/api"
  retention_in_days = 30
}

resource "aws_sqs_queue" "plain" { name = "depot-plain" }

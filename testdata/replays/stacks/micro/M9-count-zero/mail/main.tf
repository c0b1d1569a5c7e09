resource "aws_sqs_queue" "failed" {
  name                      = "mail-failed"
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue" "letters" {
  name           = "mail"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.failed.arn, maxReceiveCount = 5 })
}

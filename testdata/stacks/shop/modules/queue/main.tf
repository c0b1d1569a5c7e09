variable "name" { type = string }

resource "aws_sqs_queue" "dead" { name = "${var.name}-dead" }

resource "aws_sqs_queue" "this" {
  name           = var.name
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5 })
}

output "url" { value = aws_sqs_queue.this.url }

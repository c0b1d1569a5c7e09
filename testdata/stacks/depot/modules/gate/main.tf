variable "name" {}
variable "queue" {}
variable "topic" {}
variable "key" {}
variable "lock" {}

resource "aws_iam_role" "gate" {
  name               = "depot-gate-${var.name}"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "gate" {
  name = "gate"
  role = aws_iam_role.gate.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = var.queue },
      { Effect = "Allow", Action = "sns:Publish", Resource = var.topic },
      { Effect = "Allow", Action = "kms:Decrypt", Resource = var.key },
    ]
  })
}

resource "aws_ssm_parameter" "gate" {
  name   = "/depot/gate/${var.name}"
  type   = "String"
  value  = var.lock
  key_id = var.key
}

output "gate" { value = aws_iam_role.gate }

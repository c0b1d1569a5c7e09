variable "name" {}
variable "bays" {}
variable "topic" {}
variable "key" {}

resource "aws_sqs_queue" "site" { name = "depot-${var.name}" }

module "bay" {
  for_each = toset(var.bays)
  source   = "../bay"
  name     = "${var.name}-${each.key}"
  queue    = aws_sqs_queue.site.arn
  topic    = var.topic
  key      = var.key
  lock     = aws_dynamodb_table.lock[each.key].name # this bay's, of this site
}

resource "aws_dynamodb_table" "lock" {
  for_each = toset(var.bays)
  name     = "depot-${var.name}-${each.key}"
  hash_key = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

output "queue_arn" { value = aws_sqs_queue.site.arn }
output "gates" { value = { for name, bay in module.bay : name => bay.gate } }

variable "prefix" {}
variable "suffix" {}
variable "window" {}
variable "values" { sensitive = true }

resource "aws_secretsmanager_secret" "this" {
  for_each                = toset(["signing", "database"])
  name                    = "${var.prefix}/${each.key}${var.suffix}"
  recovery_window_in_days = var.window
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each      = aws_secretsmanager_secret.this
  secret_id     = each.value.id
  secret_string = var.values[each.key]
}

output "arns" { value = { for k, s in aws_secretsmanager_secret.this : k => s.arn } }

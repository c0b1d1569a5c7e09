resource "aws_iam_role" "edge" {
  name               = "depot-edge"
  assume_role_policy = "{}"
}

output "arn" { value = aws_iam_role.edge.arn }

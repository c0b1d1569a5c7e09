variable "password" {
  default   = "CANARY-micro-password"
  sensitive = true
}

resource "aws_db_instance" "orders" {
  identifier                = "orders"
  engine                    = "postgres"
  instance_class            = "db.m7g.large"
  username                  = "orders"
  password                  = var.password
  storage_encrypted         = true
  multi_az                  = true
  backup_retention_period   = 30
  deletion_protection       = true
  skip_final_snapshot       = false
  final_snapshot_identifier = "orders-last"
}

resource "aws_ecs_task_definition" "api" {
  family             = "api"
  execution_role_arn = "arn:aws:iam::123456789012:role/start"
  container_definitions = jsonencode([{
    name             = "api"
    image            = "images.example/api:1.0.1"
    logConfiguration = { logDriver = "awslogs" }
    environment      = [{ name = "DB_PASSWORD", value = var.password }, { name = "DATABASE_URL", value = "postgres://orders:${var.password}@db.example/orders" }]
  }])
}

resource "aws_ssm_parameter" "password" {
  name  = "/orders/password"
  type  = "SecureString"
  value = "CANARY-micro-parameter"
}

output "password" {
  value     = var.password
  sensitive = true
}

variable "name" {}
variable "subnet_ids" {}
variable "group_ids" {}
variable "multi_az" {}
variable "guarded" {}
variable "kept_days" {}
variable "password" { sensitive = true }

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_db_instance" "this" {
  identifier                = var.name
  engine                    = "postgres"
  engine_version            = "16.4"
  instance_class            = "db.m7g.large"
  allocated_storage         = 20
  storage_encrypted         = true
  username                  = "gallery"
  password                  = var.password
  db_subnet_group_name      = aws_db_subnet_group.this.name
  vpc_security_group_ids    = var.group_ids
  multi_az                  = var.multi_az
  backup_retention_period   = var.kept_days
  deletion_protection       = var.guarded
  skip_final_snapshot       = false
  final_snapshot_identifier = "${var.name}-last"
}

output "address" { value = aws_db_instance.this.address }

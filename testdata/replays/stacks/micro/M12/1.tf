variable "safe" { default = true }

resource "aws_db_instance" "orders" {
  identifier                = "orders"
  engine                    = "postgres"
  instance_class            = "db.m7g.large"
  username                  = "orders"
  storage_encrypted         = true
  multi_az                  = var.safe
  backup_retention_period   = var.safe ? 7 : 1
  deletion_protection       = true
  skip_final_snapshot       = false
  final_snapshot_identifier = "orders-last"
}

resource "aws_dynamodb_table" "carts" {
  name                        = "carts"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery { enabled = var.safe }
}

resource "aws_nat_gateway" "out" {
  count         = var.safe ? 2 : 1
  allocation_id = "eipalloc-0d0d0d0d0d0d0d0d${count.index}"
  subnet_id     = "subnet-0e0e0e0e0e0e0e0e${count.index}"
}

resource "aws_db_instance" "orders" {
  identifier              = "orders"
  engine                  = "postgres"
  instance_class          = "db.m7g.large"
  db_name                 = "orders"
  username                = "orders"
  storage_encrypted       = true
  multi_az                = true
  backup_retention_period = 30
  deletion_protection     = false
  skip_final_snapshot     = false
}

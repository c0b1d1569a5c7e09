resource "aws_instance" "batch" {
  ami           = "ami-0a0a0a0a0b0b0b0b0"
  instance_type = "m7g.large"
  lifecycle { create_before_destroy = true }
}

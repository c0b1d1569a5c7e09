resource "aws_instance" "old" {
  ami                     = "ami-0a0a0a0a0a0a0a0a0"
  instance_type           = "m7g.large"
  subnet_id               = "subnet-0e0e0e0e0e0e0e0e0"
  vpc_security_group_ids  = ["sg-0f0f0f0f0f0f0f0f0"]
  iam_instance_profile    = "batch"
  ebs_optimized           = true
  monitoring              = true
  disable_api_termination = false
  source_dest_check       = true
  user_data               = "start batch"
}

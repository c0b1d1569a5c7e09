variable "networks" { default = ["10.1.0.0/24", "10.1.1.0/24", "10.1.2.0/24"] }

resource "aws_subnet" "app" {
  count             = length(var.networks)
  vpc_id            = "vpc-0c0c0c0c0c0c0c0c0"
  cidr_block        = var.networks[count.index]
  availability_zone = "eu-central-1a"
}

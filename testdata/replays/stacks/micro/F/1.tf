variable "region" { default = "eu-central-1" }
variable "service_name" { default = "still-to-come" }

terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}
module "net" {
  source = "./net"
  zones  = { a = "10.0.1.0/24", b = "10.0.2.0/24" }
}
resource "aws_network_interface" "app" {
  subnet_id   = module.net.private_subnet_ids["a"]
  private_ips = ["10.0.1.10"]
}
resource "aws_instance" "app" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  tags          = { Name = "app" }
  network_interface {
    device_index         = 0
    network_interface_id = aws_network_interface.app.id
  }
}
resource "aws_instance" "web" {
  count         = 2
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  subnet_id     = module.net.public_subnet_id
  user_data     = "secret-of-web"
}
resource "aws_eip" "web" {
  count    = 2
  domain   = "vpc"
  instance = aws_instance.web[count.index].id
}

terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
variable "zones" { type = map(string) }
resource "aws_vpc" "this" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "this" { vpc_id = aws_vpc.this.id }
resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.0.0/24"
  availability_zone = "eu-central-1a"
  map_public_ip_on_launch = true
}
resource "aws_subnet" "private" {
  for_each   = var.zones
  vpc_id     = aws_vpc.this.id
  cidr_block = each.value
  availability_zone = "eu-central-1${each.key}"
}
resource "aws_eip" "nat" {
  for_each = var.zones
  domain   = "vpc"
}
resource "aws_nat_gateway" "this" {
  for_each      = var.zones
  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public.id
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}
resource "aws_route_table" "private" {
  for_each = var.zones
  vpc_id   = aws_vpc.this.id
}
resource "aws_route" "nat" {
  for_each               = var.zones
  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.key].id
}
resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}
resource "aws_route_table_association" "private" {
  for_each       = aws_subnet.private
  subnet_id      = each.value.id
  route_table_id = aws_route_table.private[each.key].id
}
output "private_subnet_ids" { value = { for k, s in aws_subnet.private : k => s.id } }
output "public_subnet_id" { value = aws_subnet.public.id }

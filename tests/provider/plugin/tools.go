//go:build tools

// Package plugin pins the Terraform AWS provider that the provider check runs.
package plugin

import _ "github.com/hashicorp/terraform-provider-aws"

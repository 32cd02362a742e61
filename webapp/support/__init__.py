"""What support staff and machines see: connections of every workspace, and whether the host is well."""

"""The real ends of the product's ports: mail, SMS, documents and what else lies outside."""

"""What Amazon CloudWatch has and ministack has not: metric math, and the CloudFormation types of alarms that need it or are made of others."""

"""CloudFormation types that ministack lacks, on the same functions as the APIs."""

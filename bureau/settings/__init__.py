"""Where and with which secrets we run. What the law says is a policy parameter, what words exist is a term."""

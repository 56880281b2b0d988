CALL walls_share('policy_release');

CALL walls_share('funds_account');
CALL walls_share('funds_vouchercounter');
CALL walls_enclose('funds_entry');
CALL walls_enclose_through('funds_posting', 'entry_id', 'funds_entry');
CALL walls_enclose('funds_paymentorder');

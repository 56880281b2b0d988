CALL walls_enclose('simulation_snapshot');
CALL walls_enclose('simulation_scenario');
CALL walls_enclose('simulation_simulation');
CALL walls_enclose_through('simulation_simulationpart', 'simulation_id', 'simulation_simulation');

"""When somebody is there: opening times of the company and of its departments. Ground floor, no clock of its own."""

"""What an officer hands upwards: one report a file, each as page, Excel and Word."""

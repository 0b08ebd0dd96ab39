"""What results say: paired differences, effects, sensitivity, regions."""

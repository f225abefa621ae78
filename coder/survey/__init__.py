"""What came in: the questionnaire and the answers, whatever file they lie in."""

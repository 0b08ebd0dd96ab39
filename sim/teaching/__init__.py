"""What a class needs: a kit on paper, the scores of its deals, and the checks of the lessons."""

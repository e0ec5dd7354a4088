"""Pages of learning: the catalogue and courses, lessons and their steps, quizzes."""

"""Work that people mark: blind numbers, rubrics, one or two examiners, a third where they are far apart."""

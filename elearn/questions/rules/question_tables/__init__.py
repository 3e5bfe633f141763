"""Tables of questions: columns in any order and either language, one question a row; spreadsheets and text files alike.

What a table says in its visible columns: text, up to 26 options, key, explanation, type, level, topic, source, document, clause, mark, code,
tags, category, name. What it cannot say (feedback, shares of a mark, HTML, settings of a type …) stands in a last column of its own, in JSON,
and counts as long as the cells it belongs to have not been changed (`rules.keeping`). Pictures are not taken along: a table has no place for them.
"""

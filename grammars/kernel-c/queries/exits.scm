; How control leaves or moves within a function: what an error ladder is made of.

(return_statement) @return
(goto_statement label: (statement_identifier) @target) @goto
(labeled_statement label: (statement_identifier) @label) @labelled

"""Model text on its way to a document: extracted, checked, labelled. There is no other way in."""

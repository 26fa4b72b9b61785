"""Lets texts lead to documents; nothing of a table changes."""

import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0009_rights_to_subjects"),
    ]

    operations = [
        migrations.AlterField(
            model_name="storypage",
            name="body",
            field=wagtail.fields.StreamField(
                [
                    ("paragraph", 0),
                    ("heading", 3),
                    ("image", 9),
                    ("gallery", 12),
                    ("list", 13),
                    ("quote", 21),
                    ("pull_quote", 23),
                    ("document", 27),
                    ("table", 31),
                    ("embed", 34),
                    ("note", 36),
                    ("correction", 40),
                    ("html", 41),
                ],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "bold",
                                "italic",
                                "link",
                                "superscript",
                                "subscript",
                                "strikethrough",
                                "code",
                                "document-link",
                            ],
                            "icon": "pilcrow",
                            "label": "Text",
                        },
                    ),
                    1: ("wagtail.blocks.CharBlock", (), {"label": "Heading", "max_length": 200}),
                    2: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {"choices": [("2", "Heading"), ("3", "Sub-heading")], "label": "Level"},
                    ),
                    3: ("wagtail.blocks.StructBlock", [[("text", 1), ("level", 2)]], {}),
                    4: ("wagtail.images.blocks.ImageChooserBlock", (), {"label": "Image"}),
                    5: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "What is to be seen; empty means the image's own description.",
                            "label": "Alternative text",
                            "max_length": 400,
                            "required": False,
                        },
                    ),
                    6: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "bold",
                                "italic",
                                "link",
                                "superscript",
                                "subscript",
                                "strikethrough",
                                "code",
                                "document-link",
                            ],
                            "label": "Caption",
                            "required": False,
                        },
                    ),
                    7: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("stories.Person",),
                        {"label": "Credited person", "required": False},
                    ),
                    8: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Empty: the image's own.",
                            "label": "Credit",
                            "max_length": 200,
                            "required": False,
                        },
                    ),
                    9: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("image", 4),
                                ("alt", 5),
                                ("caption", 6),
                                ("credit_person", 7),
                                ("credit", 8),
                            ]
                        ],
                        {},
                    ),
                    10: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 160, "required": False},
                    ),
                    11: (
                        "wagtail.blocks.ListBlock",
                        (9,),
                        {"label": "Pictures", "max_num": 40, "min_num": 2},
                    ),
                    12: ("wagtail.blocks.StructBlock", [[("title", 10), ("pictures", 11)]], {}),
                    13: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "ol",
                                "ul",
                                "bold",
                                "italic",
                                "link",
                                "superscript",
                                "subscript",
                                "strikethrough",
                                "code",
                                "document-link",
                            ],
                            "icon": "list-ul",
                            "label": "List",
                        },
                    ),
                    14: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "bold",
                                "italic",
                                "link",
                                "superscript",
                                "subscript",
                                "strikethrough",
                                "code",
                                "document-link",
                            ],
                            "label": "Words",
                        },
                    ),
                    15: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Speaker", "max_length": 160, "required": False},
                    ),
                    16: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Speaker's role", "max_length": 160, "required": False},
                    ),
                    17: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Source", "max_length": 200, "required": False},
                    ),
                    18: (
                        "wagtail.blocks.URLBlock",
                        (),
                        {"label": "Link to the source", "required": False},
                    ),
                    19: (
                        "wagtail.blocks.DateBlock",
                        (),
                        {"label": "Said or written on", "required": False},
                    ),
                    20: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Who heard or published it first, when that was not us.",
                            "label": "Reported by",
                            "max_length": 160,
                            "required": False,
                        },
                    ),
                    21: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("text", 14),
                                ("speaker", 15),
                                ("role", 16),
                                ("source_title", 17),
                                ("source_url", 18),
                                ("said_on", 19),
                                ("reported_by", 20),
                            ]
                        ],
                        {},
                    ),
                    22: ("wagtail.blocks.CharBlock", (), {"label": "Words", "max_length": 240}),
                    23: ("wagtail.blocks.StructBlock", [[("text", 22), ("speaker", 15)]], {}),
                    24: (
                        "wagtail.documents.blocks.DocumentChooserBlock",
                        (),
                        {"label": "Document"},
                    ),
                    25: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Empty: the document's own.",
                            "label": "Title",
                            "max_length": 200,
                            "required": False,
                        },
                    ),
                    26: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "What it is", "max_length": 400, "required": False},
                    ),
                    27: (
                        "wagtail.blocks.StructBlock",
                        [[("document", 24), ("title", 25), ("summary", 26)]],
                        {},
                    ),
                    28: ("wagtail.blocks.CharBlock", (), {"label": "Caption", "max_length": 200}),
                    29: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "Paste from a spreadsheet. The first line is the heading of each column.",
                            "label": "Cells",
                            "rows": 8,
                        },
                    ),
                    30: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "default": True,
                            "label": "The first column names each row",
                            "required": False,
                        },
                    ),
                    31: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("caption", 28),
                                ("cells", 29),
                                ("row_headings", 30),
                                ("source_title", 17),
                                ("source_url", 18),
                            ]
                        ],
                        {},
                    ),
                    32: ("wagtail.blocks.URLBlock", (), {"label": "Address"}),
                    33: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Readers decide by this whether to load it.",
                            "label": "What it is",
                            "max_length": 200,
                        },
                    ),
                    34: ("wagtail.blocks.StructBlock", [[("url", 32), ("title", 33)]], {}),
                    35: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "ol",
                                "ul",
                                "bold",
                                "italic",
                                "link",
                                "superscript",
                                "subscript",
                                "strikethrough",
                                "code",
                                "document-link",
                            ],
                            "label": "Text",
                        },
                    ),
                    36: ("wagtail.blocks.StructBlock", [[("title", 10), ("text", 35)]], {}),
                    37: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("correction", "Correction"),
                                ("clarification", "Clarification"),
                                ("update", "Update"),
                            ],
                            "label": "Kind",
                        },
                    ),
                    38: ("wagtail.blocks.DateBlock", (), {"label": "Date"}),
                    39: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": ["bold", "italic", "link"],
                            "label": "What was wrong, and what is right",
                        },
                    ),
                    40: (
                        "wagtail.blocks.StructBlock",
                        [[("kind", 37), ("day", 38), ("text", 39)]],
                        {},
                    ),
                    41: ("broadsheet.stories.blocks.KeptHtmlBlock", (), {}),
                },
                verbose_name="story",
            ),
        ),
        migrations.AlterField(
            model_name="textpage",
            name="body",
            field=wagtail.fields.StreamField(
                [
                    ("paragraph", 0),
                    ("heading", 3),
                    ("image", 9),
                    ("gallery", 12),
                    ("list", 13),
                    ("quote", 21),
                    ("pull_quote", 23),
                    ("document", 27),
                    ("table", 31),
                    ("embed", 34),
                    ("note", 36),
                    ("correction", 40),
                    ("html", 41),
                ],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "bold",
                                "italic",
                                "link",
                                "superscript",
                                "subscript",
                                "strikethrough",
                                "code",
                                "document-link",
                            ],
                            "icon": "pilcrow",
                            "label": "Text",
                        },
                    ),
                    1: ("wagtail.blocks.CharBlock", (), {"label": "Heading", "max_length": 200}),
                    2: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {"choices": [("2", "Heading"), ("3", "Sub-heading")], "label": "Level"},
                    ),
                    3: ("wagtail.blocks.StructBlock", [[("text", 1), ("level", 2)]], {}),
                    4: ("wagtail.images.blocks.ImageChooserBlock", (), {"label": "Image"}),
                    5: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "What is to be seen; empty means the image's own description.",
                            "label": "Alternative text",
                            "max_length": 400,
                            "required": False,
                        },
                    ),
                    6: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "bold",
                                "italic",
                                "link",
                                "superscript",
                                "subscript",
                                "strikethrough",
                                "code",
                                "document-link",
                            ],
                            "label": "Caption",
                            "required": False,
                        },
                    ),
                    7: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("stories.Person",),
                        {"label": "Credited person", "required": False},
                    ),
                    8: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Empty: the image's own.",
                            "label": "Credit",
                            "max_length": 200,
                            "required": False,
                        },
                    ),
                    9: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("image", 4),
                                ("alt", 5),
                                ("caption", 6),
                                ("credit_person", 7),
                                ("credit", 8),
                            ]
                        ],
                        {},
                    ),
                    10: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 160, "required": False},
                    ),
                    11: (
                        "wagtail.blocks.ListBlock",
                        (9,),
                        {"label": "Pictures", "max_num": 40, "min_num": 2},
                    ),
                    12: ("wagtail.blocks.StructBlock", [[("title", 10), ("pictures", 11)]], {}),
                    13: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "ol",
                                "ul",
                                "bold",
                                "italic",
                                "link",
                                "superscript",
                                "subscript",
                                "strikethrough",
                                "code",
                                "document-link",
                            ],
                            "icon": "list-ul",
                            "label": "List",
                        },
                    ),
                    14: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "bold",
                                "italic",
                                "link",
                                "superscript",
                                "subscript",
                                "strikethrough",
                                "code",
                                "document-link",
                            ],
                            "label": "Words",
                        },
                    ),
                    15: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Speaker", "max_length": 160, "required": False},
                    ),
                    16: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Speaker's role", "max_length": 160, "required": False},
                    ),
                    17: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Source", "max_length": 200, "required": False},
                    ),
                    18: (
                        "wagtail.blocks.URLBlock",
                        (),
                        {"label": "Link to the source", "required": False},
                    ),
                    19: (
                        "wagtail.blocks.DateBlock",
                        (),
                        {"label": "Said or written on", "required": False},
                    ),
                    20: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Who heard or published it first, when that was not us.",
                            "label": "Reported by",
                            "max_length": 160,
                            "required": False,
                        },
                    ),
                    21: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("text", 14),
                                ("speaker", 15),
                                ("role", 16),
                                ("source_title", 17),
                                ("source_url", 18),
                                ("said_on", 19),
                                ("reported_by", 20),
                            ]
                        ],
                        {},
                    ),
                    22: ("wagtail.blocks.CharBlock", (), {"label": "Words", "max_length": 240}),
                    23: ("wagtail.blocks.StructBlock", [[("text", 22), ("speaker", 15)]], {}),
                    24: (
                        "wagtail.documents.blocks.DocumentChooserBlock",
                        (),
                        {"label": "Document"},
                    ),
                    25: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Empty: the document's own.",
                            "label": "Title",
                            "max_length": 200,
                            "required": False,
                        },
                    ),
                    26: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "What it is", "max_length": 400, "required": False},
                    ),
                    27: (
                        "wagtail.blocks.StructBlock",
                        [[("document", 24), ("title", 25), ("summary", 26)]],
                        {},
                    ),
                    28: ("wagtail.blocks.CharBlock", (), {"label": "Caption", "max_length": 200}),
                    29: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "Paste from a spreadsheet. The first line is the heading of each column.",
                            "label": "Cells",
                            "rows": 8,
                        },
                    ),
                    30: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "default": True,
                            "label": "The first column names each row",
                            "required": False,
                        },
                    ),
                    31: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("caption", 28),
                                ("cells", 29),
                                ("row_headings", 30),
                                ("source_title", 17),
                                ("source_url", 18),
                            ]
                        ],
                        {},
                    ),
                    32: ("wagtail.blocks.URLBlock", (), {"label": "Address"}),
                    33: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Readers decide by this whether to load it.",
                            "label": "What it is",
                            "max_length": 200,
                        },
                    ),
                    34: ("wagtail.blocks.StructBlock", [[("url", 32), ("title", 33)]], {}),
                    35: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "ol",
                                "ul",
                                "bold",
                                "italic",
                                "link",
                                "superscript",
                                "subscript",
                                "strikethrough",
                                "code",
                                "document-link",
                            ],
                            "label": "Text",
                        },
                    ),
                    36: ("wagtail.blocks.StructBlock", [[("title", 10), ("text", 35)]], {}),
                    37: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("correction", "Correction"),
                                ("clarification", "Clarification"),
                                ("update", "Update"),
                            ],
                            "label": "Kind",
                        },
                    ),
                    38: ("wagtail.blocks.DateBlock", (), {"label": "Date"}),
                    39: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": ["bold", "italic", "link"],
                            "label": "What was wrong, and what is right",
                        },
                    ),
                    40: (
                        "wagtail.blocks.StructBlock",
                        [[("kind", 37), ("day", 38), ("text", 39)]],
                        {},
                    ),
                    41: ("broadsheet.stories.blocks.KeptHtmlBlock", (), {}),
                },
                verbose_name="text",
            ),
        ),
    ]

"""The shop's product pictures: flat drawings in one style, each product drawn for itself.

`python -m crm_client.demo.pictures.draw FOLDER` writes them; the drawn files are kept under version control.
"""

"""Random trade in the Canadian company: what differs from the US one is tax."""

from .machine import Machine


class CanadianMachine(Machine):
    """The same in the Canadian company, where every line has a tax code and QuickBooks numbers the forms."""

    company = "ca"
    customers = ("1", "2", "9")
    vendors = ("21", "22")
    # Exempt, GST, HST, GST with QST and GST with PST.
    codes = ("2", "4", "5", "10", "11")
    ways = ("TaxExcluded", "TaxInclusive", "NotApplicable")

    def sale(self, amounts, who=0, tax=0, **fields):
        return self._taxed(super().sale(amounts, who, **fields), tax)

    def cost(self, path, amounts, who=0, tax=0, **detail):
        return self._taxed(super().cost(path, amounts, who, **detail), tax)

    def _taxed(self, form, tax):
        """The form with another code on each line, its amounts with or without the tax, or free of it."""
        for place, line in enumerate(form["Line"]):
            code = self.codes[(tax + place) % len(self.codes)]
            line[line["DetailType"]]["TaxCodeRef"] = {"value": code}
        return {**form, "GlobalTaxCalculation": self.ways[tax % len(self.ways)]}
